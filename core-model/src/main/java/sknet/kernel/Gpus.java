package sknet.kernel;

import java.util.function.Consumer;

/**
 * The GPUs of ND4J's backend, by their addresses: numbers from 0, as CUDA counts devices.
 *
 * @param choose has the calling thread, and no other, compute on a device
 */
record Gpus(int count, Consumer<Integer> choose) {

    /** @throws IllegalArgumentException if the address is not that of a device */
    void use(String address) {
        if (!address.matches("\\d{1,9}") || Integer.parseInt(address) >= count) {
            throw new IllegalArgumentException("Cannot use GPU " + address + " (expected the number of one of this machine's " + count
                + " CUDA devices, from 0, as the resource's discovery script lists them)");
        }
        choose.accept(Integer.valueOf(address));
    }
}
