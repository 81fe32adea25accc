package sknet.model;

import java.util.List;
import java.util.stream.Collectors;

/** The architectures by name. */
public final class ModelCatalogue {
    private static final List<Entry> ENTRIES = List.of(
            new Entry(SkNet.imageNet("sknet-26", 2, 2, 2, 2), 1000, 16.8, null),
            new Entry(SkNet.imageNet("sknet-50", 3, 4, 6, 3), 1000, 27.5, 4.47),
            new Entry(SkNet.imageNet("sknet-101", 3, 4, 23, 3), 1000, 48.9, 8.46),
            new Entry(SkNet.cifar(), 10, 27.7, null),
            new Entry(SkNet.fashion(), 10, null, null),
            new Entry(ResNeXt.imageNet("resnext-50", 3, 4, 6, 3), 1000, 25.0, 4.24),
            new Entry(ResNeXt.imageNet("resnext-101", 3, 4, 23, 3), 1000, 44.3, 7.99),
            new Entry(ResNeXt.wider(), 1000, 28.1, 4.74),
            new Entry(ResNeXt.deeper(), 1000, 27.3, 4.67),
            new Entry(ResNeXt.moreGroups(), 1000, 27.6, 4.70),
            new Entry(ResNeXt.cifar(16, 32), 10, 25.2, null),
            new Entry(ResNeXt.cifar(8, 64), 10, 34.4, null),
            new Entry(ResNeXt.cifar(16, 64), 10, 68.1, null),
            new Entry(ResNet.imageNet("resnet-50", 3, 4, 6, 3), 1000, 25.56, null),
            new Entry(ResNet.imageNet("resnet-101", 3, 4, 23, 3), 1000, 44.55, null),
            new Entry(ResNet.imageNet("resnet-152", 3, 8, 36, 3), 1000, 60.19, null));

    private ModelCatalogue() {}

    /**
     * An architecture with the paper's figures.
     *
     * @param architecture      what it is
     * @param classes           of the data set it was designed for
     * @param paperMillions     the paper's #P in millions (Tables 1, 2, 5 and S9), or null; it seems to include batch norm's
     *                          statistics
     * @param paperGigaFlops    the paper's GFLOPs, in fact multiply-adds (Tables 1 and 2), or null; they seem to include Select's
     *                          products
     */
    public record Entry(Architecture architecture, int classes, Double paperMillions, Double paperGigaFlops) {}

    /** All entries, in the order of the paper. */
    public static List<Entry> entries() {
        return ENTRIES;
    }

    /**
     * The entry of that name.
     *
     * @throws IllegalArgumentException if there is none; the message lists the names
     */
    public static Entry named(String name) {
        return ENTRIES.stream().filter(entry -> entry.architecture().name().equals(name)).findFirst().orElseThrow(() ->
                new IllegalArgumentException("Cannot find model: " + name + " (expected one of " + ENTRIES.stream()
                        .map(entry -> entry.architecture().name()).collect(Collectors.joining(", ")) + ")"));
    }
}
