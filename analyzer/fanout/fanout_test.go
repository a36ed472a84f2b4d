package fanout_test

import (
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/fanout"
	"github.com/poolvet/poolvet/analyzer/internal/analyzertest"
	"github.com/poolvet/poolvet/analyzer/internal/summary"
)

const testdata = "../../testdata"

func TestFanout(t *testing.T) {
	patterns := analyzertest.Folders(t, testdata, "fanout")
	patterns = slices.DeleteFunc(patterns, func(p string) bool { return p == "./fanout/advice/..." })
	analyzertest.Run(t, testdata, []*analysis.Analyzer{fanout.Analyzer}, patterns...)
}

func TestAdvice(t *testing.T) {
	cfg := summary.Config{Strict: true}
	rule := fanout.New(summary.New(cfg), cfg, fanout.Limits{})
	analyzertest.Run(t, testdata, []*analysis.Analyzer{rule}, "./fanout/advice/...")
}

func TestLabels(t *testing.T) {
	ok, bad := analyzertest.CheckLabels(t, testdata+"/fanout")
	if ok == 0 || bad == 0 {
		t.Errorf("%d functions that must be silent, %d that must not: the corpus is not there", ok, bad)
	}
}
