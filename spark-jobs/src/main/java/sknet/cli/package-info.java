/**
 * The command line: the only place that reads the configuration, which it turns into records, and the only one that prints.
 */
package sknet.cli;
