package poollimit_test

import (
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/analyzertest"
	"github.com/poolvet/poolvet/analyzer/internal/summary"
	"github.com/poolvet/poolvet/analyzer/poollimit"
)

const testdata = "../../testdata"

// special is the folders that need settings of their own.
var special = []string{"advice", "maxset"}

func TestPoolLimit(t *testing.T) {
	patterns := analyzertest.Folders(t, testdata, "poollimit")
	patterns = slices.DeleteFunc(patterns, func(p string) bool {
		return slices.Contains(special, p[len("./poollimit/"):len(p)-len("/...")])
	})
	analyzertest.Run(t, testdata, []*analysis.Analyzer{poollimit.Analyzer}, patterns...)
}

func TestAdvice(t *testing.T) {
	cfg := summary.Config{Strict: true}
	analyzertest.Run(t, testdata, []*analysis.Analyzer{poollimit.New(summary.New(cfg), cfg, nil)}, "./poollimit/advice/...")
}

func TestMaxConns(t *testing.T) {
	most := 15
	rule := poollimit.New(summary.Default(), summary.Config{}, &most)
	analyzertest.Run(t, testdata, []*analysis.Analyzer{rule}, "./poollimit/maxset/...")
}

func TestLabels(t *testing.T) {
	ok, bad := analyzertest.CheckLabels(t, testdata+"/poollimit")
	if ok == 0 || bad == 0 {
		t.Errorf("%d functions that must be silent, %d that must not: the corpus is not there", ok, bad)
	}
}
