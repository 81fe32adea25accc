package sknet.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sknet.kernel.Rectifier;
import sknet.model.ResidualAttention.Unit;

/** The architectures by name. */
public final class ModelCatalogue {
    private static final Attention SE = new Attention.SqueezeExcitation(16);
    private static final Attention CBAM = new Attention.Cbam(16);
    private static final Attention BAM = new Attention.Bam(16);

    private static final List<Entry> ENTRIES = Stream.of(skNets(), resNets(), attentionNets(), kernelChoices(), shuffleNets(), cifarNets(), others(), small())
            .flatMap(List::stream).toList();

    private ModelCatalogue() {}

    /**
     * An architecture with the paper's figures.
     *
     * @param architecture what it is
     * @param classes      of the data set it was designed for
     * @param paper        what the paper says of it
     */
    public record Entry(Architecture architecture, int classes, PaperFigures paper) {

        Entry(Architecture architecture, int classes, String millions, String gigaFlops) {
            this(architecture, classes, PaperFigures.printed(millions, gigaFlops));
        }
    }

    private static List<Entry> skNets() {
        return List.of(new Entry(SkNet.imageNet("sknet-26", 2, 2, 2, 2), 1000, "16.8", null),
                new Entry(SkNet.imageNet("sknet-50", 3, 4, 6, 3), 1000, "27.5", "4.47"),
                new Entry(SkNet.imageNet("sknet-101", 3, 4, 23, 3), 1000, "48.9", "8.46"),
                new Entry(SkNet.cifar(), 10, "27.7", null),
                new Entry(SkNet.fashion(), 10, null, null));
    }

    private static List<Entry> resNets() {
        return List.of(new Entry(ResNeXt.imageNet("resnext-50", 3, 4, 6, 3), 1000, "25.0", "4.24"),
                new Entry(ResNeXt.imageNet("resnext-101", 3, 4, 23, 3), 1000, "44.3", "7.99"),
                new Entry(ResNeXt.wider(), 1000, "28.1", "4.74"),
                new Entry(ResNeXt.deeper(), 1000, "27.3", "4.67"),
                new Entry(ResNeXt.moreGroups(), 1000, "27.6", "4.70"),
                new Entry(ResNet.imageNet("resnet-50", 3, 4, 6, 3), 1000, "25.56", null),
                new Entry(ResNet.imageNet("resnet-101", 3, 4, 23, 3), 1000, "44.55", null),
                new Entry(ResNet.imageNet("resnet-152", 3, 8, 36, 3), 1000, "60.19", null));
    }

    private static List<Entry> attentionNets() {
        return List.of(new Entry(ResNeXt.imageNet("senet-50", SE, 3, 4, 6, 3), 1000, "27.7", "4.25"),
                new Entry(ResNeXt.imageNet("senet-101", SE, 3, 4, 23, 3), 1000, "49.2", "8.00"),
                new Entry(ResNeXt.imageNet("resnext-50-bam", BAM, 3, 4, 6, 3), 1000, "25.4", "4.31"),
                new Entry(ResNeXt.imageNet("resnext-101-bam", BAM, 3, 4, 23, 3), 1000, "44.6", "8.05"),
                new Entry(ResNeXt.imageNet("resnext-50-cbam", CBAM, 3, 4, 6, 3), 1000, "27.7", "4.25"),
                new Entry(ResNeXt.imageNet("resnext-101-cbam", CBAM, 3, 4, 23, 3), 1000, "49.2", "8.00"));
    }

    /** The rows of Tables 6 and 7 that are not SKNet-50 or ResNeXt-50 themselves. */
    private static List<Entry> kernelChoices() {
        return List.of(kernels("sknet-50-k3-k7", "27.5", "4.47"), kernels("sknet-50-k3-k3", "27.5", "4.47"), kernels("sknet-50-k3-k5g64", "28.1", "4.56"),
                kernels("sknet-50-k3-k7g128", "28.1", "4.55"), kernels("sknet-50-k5-sum", "25.0", "4.24"), kernels("sknet-50-k7-sum", "25.0", "4.24"),
                kernels("sknet-50-k3-k5-sum", "26.5", "4.46"), kernels("sknet-50-k3-k7-sum", "26.5", "4.46"), kernels("sknet-50-k5-k7-sum", "26.5", "4.46"),
                kernels("sknet-50-k5-k7", "27.5", "4.47"), kernels("sknet-50-k3-k5-k7-sum", "28.0", "4.69"), kernels("sknet-50-k3-k5-k7", "29.3", "4.70"));
    }

    private static Entry kernels(String name, String millions, String gigaFlops) {
        return new Entry(KernelChoice.parse(name).orElseThrow().architecture(), 1000, millions, gigaFlops);
    }

    private static List<Entry> shuffleNets() {
        int half = 48;
        int whole = 116;
        Rectifier none = Rectifier.NONE;
        Rectifier relu = Rectifier.RELU;
        return List.of(new Entry(ShuffleNet.original("shufflenetv2-0.5-original", half), 1000, "1.4", "0.041"),
                new Entry(ShuffleNet.ours("shufflenetv2-0.5", half), 1000, "1.40", "0.04039"),
                new Entry(ShuffleNet.squeezed("shufflenetv2-0.5-se", half, 4), 1000, "1.56", "0.04085"),
                new Entry(ShuffleNet.selective("shufflenetv2-0.5-sk", half, none, none), 1000, "1.48", "0.04258"),
                new Entry(ShuffleNet.original("shufflenetv2-1.0-original", whole), 1000, "2.3", "0.146"),
                new Entry(ShuffleNet.ours("shufflenetv2-1.0", whole), 1000, "2.45", "0.14035"),
                new Entry(ShuffleNet.squeezed("shufflenetv2-1.0-se", whole, 16), 1000, "2.66", "0.14173"),
                new Entry(ShuffleNet.selective("shufflenetv2-1.0-sk", whole, none, none), 1000, "2.63", "0.14566"),
                new Entry(ShuffleNet.selective("shufflenetv2-1.0-sk-relu-k3", whole, relu, none), 1000, null, null),
                new Entry(ShuffleNet.selective("shufflenetv2-1.0-sk-relu-k5", whole, none, relu), 1000, null, null),
                new Entry(ShuffleNet.selective("shufflenetv2-1.0-sk-relu-both", whole, relu, relu), 1000, null, null));
    }

    private static List<Entry> cifarNets() {
        return List.of(new Entry(ResNeXt.cifar(16, 32), 10, "25.2", null),
                new Entry(ResNeXt.cifar(8, 64), 10, "34.4", null),
                new Entry(ResNeXt.cifar(16, 64), 10, "68.1", null),
                new Entry(ResNeXt.cifar("senet-29", 16, 32, SE), 10, "35.0", null),
                new Entry(ResNeXt.cifar("senet-29-8x64d", 8, 64, SE), 10, "35.0", null));
    }

    private static List<Entry> others() {
        return List.of(new Entry(DenseNet.imageNet("densenet-169", 32, 6, 12, 32, 32), 1000, "14.15", null),
                new Entry(DenseNet.imageNet("densenet-201", 32, 6, 12, 48, 32), 1000, "20.01", null),
                new Entry(DenseNet.imageNet("densenet-264", 32, 6, 12, 64, 48), 1000, "33.34", null),
                new Entry(DenseNet.imageNet("densenet-232", 48, 6, 12, 48, 48), 1000, "55.80", null),
                new Entry(DualPathNet.dpn68(), 1000, "12.61", null),
                new Entry(DualPathNet.dpn92(), 1000, "37.67", "6.50"),
                new Entry(DualPathNet.dpn98(), 1000, "61.57", "11.70"),
                new Entry(ResidualAttention.imageNet("attention-56", Unit.PRE_ACTIVATED, 1, 1, 1), 1000, "31.9", "6.32"),
                new Entry(ResidualAttention.imageNet("attentionnext-56", Unit.RESNEXT, 1, 1, 1), 1000, "31.9", "6.32"),
                new Entry(ResidualAttention.imageNet("attention-92", Unit.PRE_ACTIVATED, 1, 2, 3), 1000, "51.3", "10.43"),
                new Entry(InceptionV3.imageNet(), 1000, "27.1", "5.73"),
                new Entry(InceptionV4.imageNet(), 1000, "42.0", "12.31"),
                new Entry(InceptionResNetV2.imageNet(), 1000, "55.0", "13.22"));
    }

    /** What sknet-fashion is compared with. */
    private static List<Entry> small() {
        return List.of(new Entry(ResNeXt.fashion("resnext-fashion", Attention.NONE), 10, null, null),
                new Entry(ResNeXt.fashion("senet-fashion", SE), 10, null, null));
    }

    /** All entries: the paper's own networks, then those they are compared with. */
    public static List<Entry> entries() {
        return ENTRIES;
    }

    /**
     * The entry of that name, or an SKNet of other kernels as {@link KernelChoice} names them.
     *
     * @throws IllegalArgumentException if there is none; the message lists the names of the family, or all if there is none
     */
    public static Entry named(String name) {
        Optional<Entry> listed = ENTRIES.stream().filter(entry -> entry.architecture().name().equals(name)).findFirst();
        return listed.or(() -> KernelChoice.parse(name).map(choice -> new Entry(choice.architecture(), 1000, null, null)))
                .orElseThrow(() -> unknown(name));
    }

    private static IllegalArgumentException unknown(String name) {
        String family = name.replaceFirst("-.*", "-");
        List<String> names = ENTRIES.stream().map(entry -> entry.architecture().name()).toList();
        List<String> near = names.stream().filter(known -> known.startsWith(family)).toList();
        String otherKernels = family.equals("sknet-") ? KernelChoice.FORM + ", or " : "";
        return new IllegalArgumentException("Cannot find model: " + name + " (expected " + otherKernels + "one of "
                + String.join(", ", near.isEmpty() ? names : near) + ")");
    }
}
