/**
 * What trained networks do (section 4.4 of the paper): the attention of their SK units while the object in the image grows, as a Spark job of its
 * own over the validation shards. Its sums are whole numbers, so that neither the executors nor the order of the work change a bit. Tables go out
 * in Parquet by Spark SQL, pictures in SVG, and all together in one page.
 */
package sknet.analyze;
