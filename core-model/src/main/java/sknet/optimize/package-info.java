/**
 * How parameters are trained: the optimiser, weight decay and the loss, as DL4J plug-ins. Knows DL4J, not the project's layers or
 * models; learning-rate schedules are DL4J's own.
 */
package sknet.optimize;
