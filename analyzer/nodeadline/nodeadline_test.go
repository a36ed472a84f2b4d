package nodeadline_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/analyzertest"
	"github.com/poolvet/poolvet/analyzer/nodeadline"
)

const testdata = "../../testdata"

func TestNodeadline(t *testing.T) {
	analyzertest.Run(t, testdata, []*analysis.Analyzer{nodeadline.Analyzer}, analyzertest.Folders(t, testdata, "nodeadline")...)
}

func TestLabels(t *testing.T) {
	ok, bad := analyzertest.CheckLabels(t, testdata+"/nodeadline")
	if ok == 0 || bad == 0 {
		t.Errorf("%d functions that must be silent, %d that must not: the corpus is not there", ok, bad)
	}
}
