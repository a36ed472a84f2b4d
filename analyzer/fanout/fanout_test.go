package fanout_test

import (
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/fanout"
	"github.com/poolvet/poolvet/analyzer/internal/analyzertest"
	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/summary"
)

const testdata = "../../testdata"

func TestFanout(t *testing.T) {
	patterns := analyzertest.Folders(t, testdata, "fanout")
	patterns = slices.DeleteFunc(patterns, func(p string) bool { return p == "./fanout/advice/..." || p == "./fanout/configured/..." })
	analyzertest.Run(t, testdata, []*analysis.Analyzer{fanout.Analyzer}, patterns...)
}

func TestAdvice(t *testing.T) {
	cfg := summary.Config{Strict: true}
	rule := fanout.New(summary.New(cfg), cfg, fanout.Limits{})
	analyzertest.Run(t, testdata, []*analysis.Analyzer{rule}, "./fanout/advice/...")
}

// TestConfigured knows spawners by rows of the user's alone: their package reaches no database, so its code is not read.
func TestConfigured(t *testing.T) {
	const module = "example.com/poolvet/testdata/fanout/configured"
	var rows []catalog.Row
	for _, u := range []catalog.UserRow{
		{Func: module + "/lib.Safe", Kind: "start"},
		{Func: module + "/lib.Named", Kind: "start", Arg: 1},
		{Func: module + "/lib.Several", Kind: "start"},
		{Func: module + "/lib.WaitAll", Kind: "join"},
		{Func: module + "/lib.All", Kind: "start", Arg: 2, Each: true},
		{Func: module + "/lib.AllBut", Kind: "start", Arg: 1, Bounded: true},
		{Func: module + "/lib.Start", Kind: "start"},
		{Func: "(*" + module + "/lib.Task).Wait", Kind: "join"},
		{Func: "(*" + module + "/lib.Group).Go", Kind: "start", Bound: "SetMax"},
		{Func: "(*" + module + "/lib.Group).Wait", Kind: "join"},
		{Func: "(" + module + "/lib.Pool).Submit", Kind: "start", BoundByMaker: true},
		{Func: "(" + module + "/lib.Pool).Wait", Kind: "join"},
		{Func: "(*" + module + "/lib.Queue).Put", Kind: "start", Bounded: true},
		{Func: module + ".hire", Kind: "start", Bounded: true},
	} {
		row, err := u.Row()
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	all, err := catalog.Default().With(rows)
	if err != nil {
		t.Fatal(err)
	}
	cfg := summary.Config{Catalog: all}
	rule := fanout.New(summary.New(cfg), cfg, fanout.Limits{})
	analyzertest.Run(t, testdata, []*analysis.Analyzer{rule}, "./fanout/configured/...")
}

func TestLabels(t *testing.T) {
	ok, bad := analyzertest.CheckLabels(t, testdata+"/fanout")
	if ok == 0 || bad == 0 {
		t.Errorf("%d functions that must be silent, %d that must not: the corpus is not there", ok, bad)
	}
}
