package slowhold_test

import (
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/analyzertest"
	"github.com/poolvet/poolvet/analyzer/internal/summary"
	"github.com/poolvet/poolvet/analyzer/slowhold"
)

const testdata = "../../testdata"

func TestSlowhold(t *testing.T) {
	patterns := analyzertest.Folders(t, testdata, "slowhold")
	patterns = slices.DeleteFunc(patterns, func(p string) bool { return p == "./slowhold/rows/..." })
	analyzertest.Run(t, testdata, []*analysis.Analyzer{slowhold.Analyzer}, patterns...)
}

func TestRows(t *testing.T) {
	rule := slowhold.New(summary.New(summary.Config{}), summary.Config{}, slowhold.Options{Rows: true})
	analyzertest.Run(t, testdata, []*analysis.Analyzer{rule}, "./slowhold/rows/...")
}

func TestLabels(t *testing.T) {
	ok, bad := analyzertest.CheckLabels(t, testdata+"/slowhold")
	if ok == 0 || bad == 0 {
		t.Errorf("%d functions that must be silent, %d that must not: the corpus is not there", ok, bad)
	}
}
