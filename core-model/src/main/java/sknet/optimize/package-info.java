/**
 * How parameters are trained: the optimiser, its learning-rate schedules, weight decay and the loss, as DL4J plug-ins; and what DL4J has no
 * place for, clipping and the moving average of the weights. Knows DL4J, not the project's layers or models.
 */
package sknet.optimize;
