package lostrelease

import (
	"go/ast"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/summary"
)

// fix is the safe fix, if there is one.
func (w *wording) fix(file *ast.File, losses []summary.Loss) (analysis.SuggestedFix, bool) {
	return analysis.SuggestedFix{}, false
}
