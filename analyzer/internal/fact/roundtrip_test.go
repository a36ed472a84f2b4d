package fact

import (
	"bytes"
	"encoding/gob"
	"reflect"
	"testing"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
)

// roundTrip checks that a fact survives the go command's cache as it is.
func roundTrip[T any](t *testing.T, in *T) {
	t.Helper()
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(in); err != nil {
		t.Fatal(err)
	}
	out := new(T)
	if err := gob.NewDecoder(&buf).Decode(out); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(in, out) {
		t.Errorf("got %+v, want %+v", out, in)
	}
}

func TestReleaseRoundTrip(t *testing.T) {
	rows := catalog.Class{Resource: catalog.Rows, Freed: []catalog.Event{{Method: "Close"}, {Method: "Next", When: catalog.OnFalse}}}
	f := &Func{
		NoReturn: true,
		Owned: []Owned{{
			Class: rows, Holds: catalog.Slot, CtxFrees: true, Ctx: 1, Parent: -1, From: "x",
			Methods:  []Method{{Name: "Stop", Path: ".0", Outcomes: []obligation.Outcome{{Status: obligation.Released}}}},
			Outcomes: []obligation.Outcome{{Status: obligation.Held, At: []obligation.Place{{Index: 0, Path: ".0>.1"}}, When: []obligation.Cond{{Index: 1, Is: obligation.Nil}}}},
		}},
		Effects: []Effect{{Param: 2, Path: ".1", Class: rows, Outcomes: []obligation.Outcome{{Status: obligation.Released, Releasers: []obligation.Place{{Index: 1}}}}}},
	}
	in := &Package{Types: []ImplType{{Name: "T", Methods: []ImplMethod{{Name: "M", Sig: "func()", Fact: f}, {Name: "N", Sig: "func()", Abstract: true}}}}}
	roundTrip(t, in)
}

func TestBuildRoundTrip(t *testing.T) {
	in := &Func{
		Builds: []Build{{From: "sql.Open", At: "db.go:12", Resource: catalog.Pool, Chain: []string{"a", "b"}, Assumed: true, Generated: true, Returned: true, Params: []int{2}, IfNil: 1}},
		Runs:   []ParamRun{{Param: 1, Loop: true, Entry: catalog.OnRequest}},
		Limits: &Limits{
			Sets:     []ParamSetting{{Param: 1, Setting: catalog.MaxOpen, Stored: true}},
			Limits:   []ParamSetting{{Param: 2, Setting: catalog.MinOpen}},
			DSNs:     []ParamDSN{{Param: 1, Parses: true}},
			Constant: []int64{10},
		},
	}
	roundTrip(t, in)
}

func TestHoldRoundTrip(t *testing.T) {
	in := &Package{
		Types: []ImplType{{Name: "T", Methods: []ImplMethod{{Name: "M", Sig: "func()", Fact: &Func{
			Takes: []Take{{From: "Pool.Exec", At: "a.go:1", Chain: []string{"x"}, Handle: -1, Kind: "k", Pool: "p.db", What: catalog.Rows, Either: true}},
			Lends: []Lend{{Param: 2, Method: "Work", Returned: true, Take: Take{From: "DB.Conn", Handle: 1}}},
			Slow:  &Slow{What: "HTTP", From: "http.Get", At: "a.go:2", Chain: []string{"a", "b"}, Assumed: true},
			Conns: 3,
		}}}}},
		Latents: []Latent{{Iface: "p.I", Method: "M", In: "F", At: "a.go:3", Kind: "k", Pool: "p.db", What: catalog.Tx}},
	}
	roundTrip(t, in)
}
