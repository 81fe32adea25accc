package sknet.model;

/**
 * An image classifier, declared: a body, then global average pooling and one fully connected layer.
 *
 * @param name      as in the catalogue
 * @param imageSize rows and columns of the input it was designed for
 * @param body      all but the classifier
 */
public record Architecture(String name, int imageSize, Body body) {}
