// Package flow executes SSA functions symbolically, path by path.
//
// It knows Go and nothing of databases. A [Machine] walks a function from its entry and keeps, per path, a [State]: which
// symbol each value, variable and field stands for, which conditions are known to hold, which calls are deferred, and one
// [Data] of the client. Conditions are remembered per symbol, not per value, so an error keeps its meaning when it is copied,
// shadowed, captured by a closure or returned through a named result, and two tests of the same flag agree.
//
// Calls are decided by the client's [Hooks]; function literals can be executed in place with [Machine.Inline], with their
// captured variables shared. Where a path would multiply states without end, states are joined: what they do not agree on is
// forgotten ([maxStates]).
package flow
