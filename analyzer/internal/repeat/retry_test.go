package repeat_test

import (
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// TestRetryLoop tells loops that come back only after a failure from those that go on after a success.
func TestRetryLoop(t *testing.T) {
	for _, test := range []struct {
		name, body       string
		retry, failsBack bool
	}{
		{"until it works", "for { if err := work(); err == nil { return } }", true, true},
		{"continue", "for { if err := work(); err != nil { continue }; return }", true, true},
		{"condition", "err := errNotReady; for err != nil { err = work() }", true, false},
		{"goto", "again: if work() != nil { goto again }", true, true},
		{"a kind of error", "for { err := work(); if errors.Is(err, io.EOF) { continue }; return }", true, false},
		{"in each item", "for range []int{1} { for { if work() == nil { break } } }", true, true},
		{"items", "for range 3 { if work() != nil { continue }; use(nil) }", false, true},
		{"worker", "for { if work() != nil { continue }; use(nil) }", false, true},
		{"gives up", "for { if work() != nil { return } }", false, false},
		{"once", "if work() != nil { return }", false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			var call *ssa.Call
			for _, fn := range load(t, "func f() { "+test.body+" }") {
				for _, b := range fn.Blocks {
					for _, in := range b.Instrs {
						if c, ok := in.(*ssa.Call); ok && c.Call.StaticCallee() != nil && c.Call.StaticCallee().Name() == "work" {
							call = c
						}
					}
				}
			}
			if _, retry := repeat.Retry(call); retry != test.retry {
				t.Errorf("a retry: %t", retry)
			}
			if _, back := repeat.Failed(call); (back != nil) != test.failsBack {
				t.Errorf("comes back after a failure: %t", back != nil)
			}
		})
	}
}
