/** The HTML report of a training: curves, errors and provenance in one page without outside resources. */
package sknet.report;
