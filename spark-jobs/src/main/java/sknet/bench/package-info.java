/** Measures how fast this machine trains and evaluates a network, in whole steps without Spark, files or images, and how fast it makes input of images. */
package sknet.bench;
