package slowhold_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/analyzertest"
	"github.com/poolvet/poolvet/analyzer/slowhold"
)

const testdata = "../../testdata"

func TestSlowhold(t *testing.T) {
	analyzertest.Run(t, testdata, []*analysis.Analyzer{slowhold.Analyzer}, analyzertest.Folders(t, testdata, "slowhold")...)
}

func TestLabels(t *testing.T) {
	ok, bad := analyzertest.CheckLabels(t, testdata+"/slowhold")
	if ok == 0 || bad == 0 {
		t.Errorf("%d functions that must be silent, %d that must not: the corpus is not there", ok, bad)
	}
}
