package sknet.analyze;

/**
 * How a quantity is spread over images.
 *
 * @param mean      NaN where there are no images
 * @param deviation standard deviation; the images are all there are, so the squares' sum is divided by their number
 * @param images    how many
 */
public record Distribution(double mean, double deviation, long images) {
}
