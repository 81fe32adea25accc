package sknet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.junit.jupiter.api.Test;
import sknet.model.SelectiveUnit.Kernel;

class SelectiveUnitTest {

    @Test
    void theUnitsOfSkNet50AreNamedAsInThePaper() {
        List<SelectiveUnit> units = units("sknet-50");
        assertEquals(List.of("SK_2_1", "SK_2_2", "SK_2_3", "SK_3_1", "SK_3_2", "SK_3_3", "SK_3_4", "SK_4_1", "SK_4_2", "SK_4_3", "SK_4_4", "SK_4_5",
            "SK_4_6", "SK_5_1", "SK_5_2", "SK_5_3"), units.stream().map(SelectiveUnit::name).toList());
        assertEquals(new SelectiveUnit("SK_3_4", "stages.1.3", 3, 256, List.of(new Kernel("3x3", 0), new Kernel("5x5", 1))), units.get(6));
        assertEquals("5x5 - 3x3", units.get(6).difference());
        assertEquals(List.of("SK_2_3", "SK_3_4", "SK_5_3"), representatives(units));
    }

    @Test
    void theUnitsOfADeepNetworkAreInItsOwnOrder() {
        List<String> fourth = units("sknet-101").stream().filter(unit -> unit.stage() == 4).map(SelectiveUnit::name).toList();
        assertEquals(IntStream.rangeClosed(1, 23).mapToObj(block -> "SK_4_" + block).toList(), fourth);
    }

    @Test
    void kernelsAreInTheOrderOfTheirSizeWhateverThatOfTheBranches() {
        assertEquals(List.of(new Kernel("1x1", 1), new Kernel("3x3", 0)), units("sknet-29").get(0).kernels());
        assertEquals(List.of(new Kernel("3x3", 1), new Kernel("5x5", 2), new Kernel("7x7", 0)), units("sknet-26-k7-k3-k5").get(0).kernels());
        assertEquals("7x7 - 3x3", units("sknet-26-k7-k3-k5").get(0).difference());
        assertEquals(List.of(new Kernel("3x3 of branch 0", 0), new Kernel("3x3 of branch 1", 1)), units("sknet-50-k3-k3").get(0).kernels());
    }

    @Test
    void aUnitInAShortcutOfShuffleNetHasANameOfItsOwn() {
        List<SelectiveUnit> units = units("shufflenetv2-0.5-sk");
        assertEquals(List.of("SK_2_1_shortcut", "SK_2_1", "SK_2_2"), units.stream().map(SelectiveUnit::name).limit(3).toList());
        assertEquals(16 + 3, units.size());
        assertEquals(List.of("SK_2_4", "SK_3_6", "SK_4_6"), representatives(units));
    }

    @Test
    void ofOneStageTheFirstAndTheLastUnitStandForAll() {
        assertEquals(List.of("SK_2_1", "SK_2_2"), representatives(units("sknet-fashion")));
    }

    @Test
    void aNetworkThatDoesNotSelectHasNoUnits() {
        assertEquals(List.of(), units("resnext-50"));
        assertEquals(List.of(), units("sknet-26-k5"));
        assertEquals(List.of(), units("sknet-50-k3-k5-sum"));
        assertEquals(List.of(), units("senet-50"));
    }

    /** As a checkpoint has it. */
    private static List<SelectiveUnit> units(String model) {
        String json = NetworkBuilder.build(ModelCatalogue.named(model).architecture(), NetworkOptions.of(10, 64)).toJson();
        return SelectiveUnit.of(ComputationGraphConfiguration.fromJson(json));
    }

    private static List<String> representatives(List<SelectiveUnit> units) {
        return SelectiveUnit.representatives(units).stream().map(SelectiveUnit::name).toList();
    }
}
