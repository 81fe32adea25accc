package sknet.model;

import java.util.List;

/**
 * An image classifier, declared: stem, stages, then global average pooling and one fully connected layer.
 *
 * @param name      as in the catalogue
 * @param imageSize rows and columns of the input it was designed for
 * @param stem      before the stages
 * @param stages    in order
 */
public record Architecture(String name, int imageSize, Stem stem, List<Stage> stages) {

    /** Copies the list. */
    public Architecture {
        stages = List.copyOf(stages);
    }
}
