package sknet.evaluate;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import sknet.model.ModelCatalogue;
import sknet.model.NetworkBuilder;
import sknet.model.NetworkOptions;

class WeightsTest {

    @Test
    void aSizeThatTheNetworkDoesNotTakeIsNamed() {
        Weights inception = new Weights(NetworkBuilder.build(ModelCatalogue.named("inception-v3").architecture(), NetworkOptions.of(10, 299))
            .toJson(), new float[0]);
        assertDoesNotThrow(() -> inception.checkSize(299));
        assertDoesNotThrow(() -> inception.checkSize(320));
        String message = assertThrows(IllegalArgumentException.class, () -> inception.checkSize(32)).getMessage();
        assertTrue(message.startsWith("Cannot evaluate at crop size 32: "), message);
        assertTrue(message.endsWith(" (expected a size that the network takes)"), message);
    }
}
