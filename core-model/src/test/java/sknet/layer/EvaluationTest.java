package sknet.layer;

import static sknet.fixture.Parity.assertParity;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.KernelProvider;
import sknet.kernel.Kernels;
import sknet.kernel.Rectifier;

class EvaluationTest {
    private static final Kernels KERNELS = KernelProvider.kernels();
    private static final int BATCH = 6;
    private static final int CHANNELS = 32;
    private static final int SIZE = 5;
    private static final ConvolutionSpec GROUPED = ConvolutionSpec.ofKernel(3).withGroups(4);

    static Stream<Arguments> layers() {
        return Stream.of(DataType.DOUBLE, DataType.FLOAT).flatMap(type -> Stream.of(
                Arguments.of(convolution(48, GROUPED, Rectifier.RELU), type),
                Arguments.of(convolution(24, ConvolutionSpec.ofKernel(1), Rectifier.NONE), type), Arguments.of(selective(), type),
                Arguments.of(new Bottleneck(pointwise(CHANNELS, Rectifier.RELU), selective(),
                        pointwise(CHANNELS, Rectifier.NONE), null), type),
                Arguments.of(new Bottleneck(pointwise(CHANNELS, Rectifier.RELU), convolution(CHANNELS, GROUPED, Rectifier.RELU),
                        pointwise(24, Rectifier.NONE), pointwise(24, Rectifier.NONE)), type)));
    }

    private static ConvolutionBatchNorm convolution(int outChannels, ConvolutionSpec spec, Rectifier rectifier) {
        return new ConvolutionBatchNorm(CHANNELS, outChannels, spec, rectifier, 1);
    }

    private static ConvolutionBatchNorm pointwise(int outChannels, Rectifier rectifier) {
        return convolution(outChannels, ConvolutionSpec.ofKernel(1), rectifier);
    }

    private static SelectiveKernelConvolution selective() {
        return new SelectiveKernelConvolution(CHANNELS, CHANNELS, List.of(GROUPED, GROUPED.withDilation(2)), 8, 1);
    }

    /** Training normalises behind a convolution, evaluation inside it: with the same statistics both must come to the same. */
    @ParameterizedTest
    @MethodSource("layers")
    void byTheStatisticsOfABatchItIsEvaluatedAsItWasTrained(KernelLayer layer, DataType type) {
        Nd4j.getRandom().setSeed(3);
        ComputationGraph graph = SingleLayer.graph(layer, CHANNELS, SIZE, type);
        graph.paramTable().forEach((key, value) -> {
            if (key.endsWith("gamma") || key.endsWith("beta")) {
                value.addi(Nd4j.rand(type, value.shape()).subi(0.5));
            }
        });
        graph.initGradientsView();
        INDArray x = KERNELS.packed(Nd4j.randn(DataType.DOUBLE, BATCH, CHANNELS, SIZE, SIZE).addi(0.5).castTo(type));
        INDArray trained = graph.feedForward(new INDArray[] {x}, true, false).get("layer").dup();
        graph.getLayer("layer").backpropGradient(trained.like(), LayerWorkspaceMgr.noWorkspaces());
        moveStatistics(graph);
        assertParity(KERNELS.plain(trained).castTo(DataType.DOUBLE), KERNELS.plain(graph.outputSingle(false, x)),
                type == DataType.DOUBLE ? 1e-9 : 1e-4, "evaluated");
    }

    /** To the last batch's own: with a momentum of 1 the step leads there, but to the unbiased variance. */
    private static void moveStatistics(ComputationGraph graph) {
        graph.params().subi(graph.getFlattenedGradients().div(BATCH).reshape(graph.params().shape()));
        graph.paramTable().forEach((key, value) -> {
            if (key.endsWith("variance")) {
                boolean fused = key.matches("layer_(mid\\.)?bn\\.variance")
                        && graph.paramTable().containsKey(key.replace("bn.variance", "fc1.weight"));
                double values = fused ? BATCH : BATCH * SIZE * SIZE;
                value.muli((values - 1) / values);
            }
        });
    }
}
