/**
 * Feeds damaged files to the readers of the other modules, in their tests alone. Knows neither formats nor the project.
 */
package sknet.fuzz;
