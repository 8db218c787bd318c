package row

// container writes an object or array: a count and a size, then for an object
// the places of its keys, then the values or their places, all relative to the
// start of b. The large form has four bytes where the small has two.
func (w *jsonWriter) container(typ byte, b []byte, depth int) error {
	c := jsonContainer{word: 2, object: typ == jsonSmallObject || typ == jsonLargeObject}
	if typ == jsonLargeObject || typ == jsonLargeArray {
		c.word = 4
	}
	if !c.read(b) {
		return errJSON
	}
	open, closing := byte('['), byte(']')
	if c.object {
		open, closing = '{', '}'
	}
	w.dst = append(w.dst, open)
	for i := range c.count {
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		if err := w.entry(&c, i, depth); err != nil {
			return err
		}
	}
	w.dst = append(w.dst, closing)
	return nil
}

func (w *jsonWriter) entry(c *jsonContainer, i, depth int) error {
	if c.object {
		key, ok := c.key(i)
		if !ok {
			return errJSON
		}
		if err := w.quoted(key); err != nil {
			return err
		}
		w.dst = append(w.dst, ':')
	}
	typ, value, ok := c.value(i)
	if !ok {
		return errJSON
	}
	return w.value(typ, value, depth+1)
}

// jsonContainer is an object or array whose header has been checked.
type jsonContainer struct {
	b      []byte
	word   int
	object bool
	count  int
	// values is where the entries of the values start.
	values int
}

// read checks that the header fits.
func (c *jsonContainer) read(b []byte) bool {
	if len(b) < 2*c.word {
		return false
	}
	count, size := c.number(b), c.number(b[c.word:])
	if size > len(b) || count > size {
		return false
	}
	c.b, c.count, c.values = b[:size], count, 2*c.word
	if c.object {
		c.values += count * (c.word + 2)
	}
	return c.values+count*(c.word+1) <= size
}

func (c *jsonContainer) number(b []byte) int { return int(littleEndian(b[:c.word])) }

// key has its place in a word and its length in two bytes.
func (c *jsonContainer) key(i int) ([]byte, bool) {
	entry := c.b[2*c.word+i*(c.word+2):]
	start, size := c.number(entry), int(littleEndian(entry[c.word:c.word+2]))
	if start > len(c.b) || size > len(c.b)-start {
		return nil, false
	}
	return c.b[start : start+size], true
}

// value has its type in a byte, then itself if it fits into the word, else its
// place.
func (c *jsonContainer) value(i int) (typ byte, value []byte, ok bool) {
	entry := c.b[c.values+i*(c.word+1):]
	typ, entry = entry[0], entry[1:1+c.word]
	if n := int(typ); n < len(jsonSizes) && jsonSizes[n] > 0 && jsonSizes[n] <= c.word {
		return typ, entry, true
	}
	place := c.number(entry)
	if place >= len(c.b) {
		return 0, nil, false
	}
	return typ, c.b[place:], true
}
