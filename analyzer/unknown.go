package analyzer

import (
	"errors"

	"github.com/poolvet/poolvet/analyzer/internal/near"
)

// Unknown is the error for a name that is none of the known ones; it names the one that is meant, if one is near.
func Unknown(what, name string, known []string) error {
	return errors.New(near.Unknown(what, name, known))
}
