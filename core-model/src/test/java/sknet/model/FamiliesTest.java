package sknet.model;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small network of each family; {@link EveryModelIT} takes all, and more time. */
class FamiliesTest {

    @ParameterizedTest
    @ValueSource(strings = {"sknet-26", "sknet-26-k3-k5-sum", "senet-29", "resnext-50-bam", "resnext-50-cbam", "shufflenetv2-0.5-se",
        "shufflenetv2-0.5-sk", "densenet-169", "dpn-68", "attention-56", "inception-v3", "inception-resnet-v2"})
    void aFamilyTrains(String name) {
        try (ModelCheck check = new ModelCheck(name)) {
            check.everyParameterGetsAFiniteGradient();
            check.gradientsAreFinalWhenTheyAreSaidToBe();
            check.trainingOnOneBatchLowersTheLoss();
        }
    }
}
