package rest

import (
	"encoding/json"
	"fmt"
)

// mergePatch applies a JSON merge patch.
func mergePatch(target, patch []byte) ([]byte, error) {
	var t, p map[string]any
	if err := json.Unmarshal(target, &t); err != nil {
		return nil, fmt.Errorf("parse resource: %w", err)
	}
	if err := json.Unmarshal(patch, &p); err != nil {
		return nil, fmt.Errorf("parse patch: %w", err)
	}
	return json.Marshal(merge(t, p))
}

func merge(target, patch map[string]any) map[string]any {
	if target == nil {
		target = map[string]any{}
	}
	for k, v := range patch {
		switch x := v.(type) {
		case nil:
			delete(target, k)
		case map[string]any:
			sub, _ := target[k].(map[string]any)
			target[k] = merge(sub, x)
		default:
			target[k] = v
		}
	}
	return target
}
