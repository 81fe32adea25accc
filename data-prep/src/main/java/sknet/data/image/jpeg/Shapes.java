package sknet.data.image.jpeg;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/** Vectors of 16 integers where the processor has them, else of 8, and those of as many samples. */
final class Shapes {
    static final boolean WIDE = IntVector.SPECIES_PREFERRED.length() >= IntVector.SPECIES_512.length();
    static final VectorSpecies<Integer> INTS = WIDE ? IntVector.SPECIES_512 : IntVector.SPECIES_256;
    static final VectorSpecies<Byte> INT_BYTES = WIDE ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;
    static final VectorSpecies<Short> SHORTS = WIDE ? ShortVector.SPECIES_512 : ShortVector.SPECIES_256;
    static final VectorSpecies<Byte> SHORT_BYTES = WIDE ? ByteVector.SPECIES_256 : ByteVector.SPECIES_128;
    /** How far beyond its end a row may be read and written. */
    static final int SLACK = 64;

    private Shapes() {
    }
}
