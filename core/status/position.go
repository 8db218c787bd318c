package status

import "encoding/json"

// Position of a checkpoint as text. One that is JSON is shown as it is, not as a
// string that holds it.
type Position string

// MarshalJSON returns the text itself where that is JSON.
func (p Position) MarshalJSON() ([]byte, error) {
	if p != "" && json.Valid([]byte(p)) {
		return []byte(p), nil
	}
	return json.Marshal(string(p))
}

// UnmarshalJSON takes both forms.
func (p *Position) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		*p = Position(text)
		return nil
	}
	*p = Position(b)
	return nil
}
