/**
 * Networks: what an architecture is, as immutable records; one builder from there to DL4J; one file per family; a catalogue by
 * name with the paper's figures; counting of parameters and multiply-adds on the built graph. Knows layers and optimisation, not
 * data, training loops or Spark.
 */
package sknet.model;
