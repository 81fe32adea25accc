package sknet.analyze;

import java.io.Serializable;

/**
 * Sums of numbers and of their squares, at numbered places. Each is counted in whole multiples of 2^-40: so sums are exact, whatever their order, and
 * the same numbers give the same bits however they were shared out. A number of attention, from -1 to 1 and known to seven digits, loses 5e-13 at
 * most, and a standard deviation nothing before its sixth decimal. There is room for eight million such numbers at a place.
 */
final class Moments implements Serializable {

    private static final double UNIT = 0x1p-40;

    private final long[] sums;
    private final long[] squares;

    Moments(int places) {
        sums = new long[places];
        squares = new long[places];
    }

    /** @throws ArithmeticException if there is no more room */
    void add(int place, double number) {
        sums[place] = Math.addExact(sums[place], Math.round(number / UNIT));
        squares[place] = Math.addExact(squares[place], Math.round(number * number / UNIT));
    }

    void addAll(Moments other) {
        for (int place = 0; place < sums.length; place++) {
            addPlace(place, other, place);
        }
    }

    /** Adds one place of another to a place of this. */
    void addPlace(int place, Moments other, int otherPlace) {
        sums[place] = Math.addExact(sums[place], other.sums[otherPlace]);
        squares[place] = Math.addExact(squares[place], other.squares[otherPlace]);
    }

    /** @param count how many numbers were added at the place */
    Distribution of(int place, long count) {
        double mean = sums[place] * UNIT / count;
        return new Distribution(mean, Math.sqrt(Math.max(0, squares[place] * UNIT / count - mean * mean)), count);
    }
}
