/**
 * A JPEG decoder for training: exact to the bit where a whole image is asked for, cheap where only a part is.
 *
 * <p>It gives the samples of libjpeg's accurate ("islow") transform, its smooth ("fancy") upsampling and its integer colour
 * conversion, which the JDK's ImageIO uses too. Knows the JDK alone; what it reads may be hostile: memory is bounded by the
 * pixels a file claims and by its length, and a file that is too short for its pixels is refused before any are made room for.
 */
package sknet.data.image.jpeg;
