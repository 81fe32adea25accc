package sknet.layer;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.Kernel;
import sknet.kernel.Kernels;
import sknet.kernel.nd4j.Nd4jKernels;

/**
 * The portable kernels on float64 that holds values of bfloat16 only: what they write to maps is rounded, and so are weights as
 * convolutions of maps read them. Whatever fast kernels differ by from these is not their type's doing.
 */
final class RoundedKernels {
    private static final int MAPS = 4;

    private RoundedKernels() {}

    static Kernels kernels() {
        Kernels exact = new Nd4jKernels();
        return proxy(Kernels.class, (method, arguments) -> {
            Object made = method.invoke(exact, arguments);
            return made instanceof Kernel kernel ? rounded(method.getReturnType(), kernel) : made;
        });
    }

    @FunctionalInterface
    private interface Calls {
        Object call(Method method, Object[] arguments) throws ReflectiveOperationException;
    }

    private static <T> T proxy(Class<T> kind, Calls calls) {
        return kind.cast(Proxy.newProxyInstance(kind.getClassLoader(), new Class<?>[] {kind}, (proxy, method, arguments) -> {
            try {
                return calls.call(method, arguments == null ? new Object[0] : arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private static Object rounded(Class<?> kind, Kernel kernel) {
        return proxy(kind, (method, arguments) -> {
            int weights = weightsOf(kernel, method.getName());
            Object[] read = arguments.clone();
            if (weights == 1 && isMaps(read[0])) {
                read[weights] = round((INDArray) read[weights]);
            }
            Object result = method.invoke(kernel, read);
            for (int i = 0; i < arguments.length; i++) {
                if (i != weights) {
                    roundMaps(arguments[i]);
                }
            }
            return result;
        });
    }

    /** Which argument is a convolution's weights or their gradient; -1 for none. */
    private static int weightsOf(Kernel kernel, String method) {
        if (!(kernel instanceof ConvolutionKernel)) {
            return -1;
        }
        return method.equals("backwardWeights") ? 2 : 1;
    }

    private static void roundMaps(Object argument) {
        if (argument instanceof INDArray[] arrays) {
            Arrays.stream(arrays).forEach(RoundedKernels::roundMaps);
        } else if (isMaps(argument)) {
            INDArray maps = (INDArray) argument;
            maps.assign(round(maps));
        }
    }

    /** Maps of one pixel are vectors, which are not in bfloat16. */
    private static boolean isMaps(Object argument) {
        return argument instanceof INDArray array && array.rank() == MAPS && array.size(2) * array.size(3) > 1;
    }

    static INDArray round(INDArray values) {
        return values.castTo(DataType.BFLOAT16).castTo(values.dataType());
    }
}
