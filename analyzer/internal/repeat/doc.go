// Package repeat finds out, from the control flow alone, whether an instruction runs again and again: whether it stands in a
// loop that is no retry, and which condition keeps it from running a second time. It knows nothing of databases.
package repeat
