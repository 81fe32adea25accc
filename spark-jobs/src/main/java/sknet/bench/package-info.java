/** Measures how fast this machine trains and evaluates a network: whole steps, without Spark, files or images. */
package sknet.bench;
