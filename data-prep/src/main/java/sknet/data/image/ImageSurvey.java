package sknet.data.image;

/**
 * What is known of an image that was read whole and not kept.
 *
 * @param width  in pixels
 * @param height in pixels
 * @param red    sum of red over all pixels, each 0..255; of a JPEG as {@link ImageSurveyor} says
 * @param green  the same of green
 * @param blue   the same of blue
 */
public record ImageSurvey(int width, int height, long red, long green, long blue) {
}
