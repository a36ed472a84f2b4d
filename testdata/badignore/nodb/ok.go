// Package nodb reaches no database: nothing in it is looked at.
package nodb

func okNothing() int {
	return 1 //poolvet:ignore lostrelease there is nothing to release
}
