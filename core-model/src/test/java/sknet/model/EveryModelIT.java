package sknet.model;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EveryModelIT {

    static Stream<String> names() {
        return ModelCatalogue.entries().stream().map(entry -> entry.architecture().name());
    }

    @ParameterizedTest
    @MethodSource("names")
    void aModelTrainsAndSurvivesACheckpoint(String name) {
        try (ModelCheck check = new ModelCheck(name)) {
            check.everyParameterGetsAFiniteGradient();
            check.gradientsAreFinalWhenTheyAreSaidToBe();
            check.trainingOnOneBatchLowersTheLoss();
            check.itSurvivesACheckpoint();
        }
    }
}
