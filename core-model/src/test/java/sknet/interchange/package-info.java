/** Files that PyTorch wrote ({@code src/test/python/pytorch_weights.py} makes them), files made by hand, and damaged ones. */
package sknet.interchange;
