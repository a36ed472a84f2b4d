// Package nodeadline reports waits for a connection that no deadline ends.
//
// It is off unless it is turned on:
//
//	rules: {nodeadline: true}
//
// # What it reports
//
// # TODO
//
// # Why
//
// # TODO
//
// # Example
//
// # TODO
//
// # When it is silent
//
// TODO
package nodeadline
