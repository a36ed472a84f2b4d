package badignore_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/badignore"
	"github.com/poolvet/poolvet/analyzer/internal/analyzertest"
)

const testdata = "../../testdata"

// TestBadignore runs all rules, as what they say decides.
func TestBadignore(t *testing.T) {
	rules := append([]*analysis.Analyzer{badignore.Analyzer}, badignore.Analyzer.Requires[1:]...) // less the summary
	analyzertest.Run(t, testdata, rules, analyzertest.Folders(t, testdata, "badignore")...)
}

func TestLabels(t *testing.T) {
	ok, bad := analyzertest.CheckLabels(t, testdata+"/badignore")
	if ok == 0 || bad == 0 {
		t.Errorf("%d functions that must be silent, %d that must not: the corpus is not there", ok, bad)
	}
}
