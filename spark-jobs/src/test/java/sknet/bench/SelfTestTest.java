package sknet.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sknet.bench.SelfTest.Finding;
import sknet.model.Precision;

class SelfTestTest {

    @Test
    void everyKindOfLayerAgreesWithFloat64() {
        List<Finding> heard = new ArrayList<>();
        List<Finding> findings = new SelfTest(Precision.FP32).run(heard::add);
        assertEquals(findings, heard);
        assertEquals(List.of(), findings.stream().filter(finding -> !finding.passed()).toList());
    }

    @Test
    void whatIsNoNumberDoesNotPass() {
        assertFalse(new Finding("layer", "output", Double.NaN, 1e-4).passed());
        assertFalse(new Finding("layer", "output", 2e-4, 1e-4).passed());
    }
}
