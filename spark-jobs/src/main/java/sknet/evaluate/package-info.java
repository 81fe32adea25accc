/**
 * Evaluation of checkpoints on the validation shards as a Spark job of its own: elastic, not a barrier stage; every image is
 * counted exactly once, and the numbers are the same for any number of executors. The results, and the tables of their details, as they
 * are kept in a run's directory.
 */
package sknet.evaluate;
