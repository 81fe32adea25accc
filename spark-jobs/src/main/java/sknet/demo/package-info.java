/** What only the demo needs: its data set. The demo itself is a command and runs the same jobs as everybody. */
package sknet.demo;
