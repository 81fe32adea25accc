package sknet.model;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What the paper prints of a network, to be compared with what is counted. Its rows follow no single convention: #P is of trainable parameters in some,
 * with batch norm's running statistics in others; GFLOPs, in fact multiply-adds, include Select's products in some.
 *
 * @param millions  #P in millions (Tables 1 to 7 and S9), with the digits that are printed, or null
 * @param gigaFlops GFLOPs (Tables 1 to 7), the same
 */
public record PaperFigures(BigDecimal millions, BigDecimal gigaFlops) {
    private static final double MILLION = 1e6;
    private static final double GIGA = 1e9;

    /** As printed; null where nothing is. */
    static PaperFigures printed(String millions, String gigaFlops) {
        return new PaperFigures(millions == null ? null : new BigDecimal(millions), gigaFlops == null ? null : new BigDecimal(gigaFlops));
    }

    /**
     * By how many millions the counted parameters differ from the printed: 0 if one way of counting, rounded to the printed digits, gives the printed
     * figure, or none is printed; otherwise the difference of the nearer.
     */
    public double millionsOff(Complexity counted) {
        return off(millions, counted.trainable() / MILLION, counted.withStatistics() / MILLION);
    }

    /** The same of multiply-adds in thousand millions, without and with the products of attention. */
    public double gigaFlopsOff(Complexity counted) {
        return off(gigaFlops, counted.multiplyAdds() / GIGA, (counted.multiplyAdds() + counted.products()) / GIGA);
    }

    private static double off(BigDecimal printed, double oneWay, double otherWay) {
        if (printed == null || prints(printed, oneWay) || prints(printed, otherWay)) {
            return 0;
        }
        double one = oneWay - printed.doubleValue();
        double other = otherWay - printed.doubleValue();
        return Math.abs(one) <= Math.abs(other) ? one : other;
    }

    /** Whether a value, rounded to the digits of a printed one, is that. */
    private static boolean prints(BigDecimal printed, double value) {
        return BigDecimal.valueOf(value).setScale(printed.scale(), RoundingMode.HALF_UP).equals(printed);
    }
}
