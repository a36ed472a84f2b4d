package holdwait_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/holdwait"
	"github.com/poolvet/poolvet/analyzer/internal/analyzertest"
)

const testdata = "../../testdata"

func TestHoldwait(t *testing.T) {
	analyzertest.Run(t, testdata, []*analysis.Analyzer{holdwait.Analyzer}, analyzertest.Folders(t, testdata, "holdwait")...)
}

func TestLabels(t *testing.T) {
	ok, bad := analyzertest.CheckLabels(t, testdata+"/holdwait")
	if ok == 0 || bad == 0 {
		t.Errorf("%d functions that must be silent, %d that must not: the corpus is not there", ok, bad)
	}
}
