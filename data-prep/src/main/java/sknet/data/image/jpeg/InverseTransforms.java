package sknet.data.image.jpeg;

/** The transforms of all sizes. */
final class InverseTransforms {
    private final InverseTransform full = new InverseTransform(8);
    private final InverseTransform half = new InverseTransform(4);
    private final InverseTransform quarter = new InverseTransform(2);
    private final InverseTransform eighth = new InverseTransform(1);

    InverseTransform of(int size) {
        return switch (size) {
            case 8 -> full;
            case 4 -> half;
            case 2 -> quarter;
            default -> eighth;
        };
    }
}
