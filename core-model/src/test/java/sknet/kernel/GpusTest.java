package sknet.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GpusTest {

    private final List<Integer> chosen = new ArrayList<>();
    private final Gpus gpus = new Gpus(8, chosen::add);

    @Test
    void theAddressIsTheDevice() {
        gpus.use("7");
        gpus.use("0");
        assertEquals(List.of(7, 0), chosen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "-1", "", "GPU-5c1b", "99999999999"})
    void whatIsNoDeviceIsRefused(String address) {
        String message = assertThrows(IllegalArgumentException.class, () -> gpus.use(address)).getMessage();
        assertEquals("Cannot use GPU " + address + " (expected the number of one of this machine's 8 CUDA devices, from 0, as the resource's"
            + " discovery script lists them)", message);
        assertEquals(List.of(), chosen);
    }

    @Test
    void onTheProcessorThereIsNoDeviceToChoose() {
        KernelProvider.useGpu("GPU-5c1b");
    }
}
