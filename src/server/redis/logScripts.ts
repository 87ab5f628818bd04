/**
 * The scripts of the log: what has to be one step in Redis. A message is stored as the pieces of its JSON, so
 * that scripts only put them together and never write anew what they have read.
 *
 * Whoever calls names the furthest place of the room that they have seen. A log of the same epoch that does
 * not have it has lost its end (a replica became the master that had not all, a file was older): then it
 * gets another epoch before anything else, and every reader learns that by it. What somebody has put there in
 * its place is answered with `DAMAGED`, and the key that it is at.
 */
import { defineScript } from './scripts';

/**
 * A row is {head, texts, body, length, edited, deleted, edits, file, cut}: the JSON of what never changes, how many
 * texts there are up to it, the JSON of its text and how many UTF-16 units that has; when it was edited and
 * deleted, where its edits are, the JSON of its file, and '1' if its writer broke off; with '' for nothing. Those of an
 * earlier version end before the file.
 */
const shared = `
local meta, log, changed = KEYS[1], KEYS[2], KEYS[3]

local function numeral(number)
  return string.format('%d', number)
end

local function damaged(what)
  error(redis.error_reply('DAMAGED ' .. what))
end

local function rowOf(entry)
  local fields = entry[2]
  if #fields < 8 or fields[1] ~= 'h' then damaged(log .. ' has no message in its entry ' .. entry[1]) end
  local row = {fields[2], fields[4], fields[6], fields[8], '', '', '', '', ''}
  for at = 9, #fields, 2 do
    if fields[at] == 'f' then row[8] = fields[at + 1] end
    if fields[at] == 'c' then row[9] = fields[at + 1] end
  end
  return row
end

local function rowIn(packed, seq)
  local isRead, row = pcall(cmsgpack.unpack, packed)
  if not isRead or type(row) ~= 'table' or #row < 7 then damaged(changed .. ' has no message in its field ' .. seq) end
  return row
end

local function rowAt(seq)
  local entry = redis.call('XRANGE', log, seq .. '-0', seq .. '-0')[1]
  if entry then return rowOf(entry) end
  local packed = redis.call('HGET', changed, seq)
  return packed and rowIn(packed, seq)
end

local function midOf(row)
  return string.match(row[1], '^"mid":"([^"]*)"')
end

local function messageOf(seq, row)
  local text = '{"seq":' .. seq .. ',' .. row[1] .. ',"body":' .. row[3]
  if (row[8] or '') ~= '' then text = text .. ',"file":' .. row[8] end
  if (row[9] or '') ~= '' then text = text .. ',"cut":true' end
  if row[5] ~= '' then text = text .. ',"edited":' .. row[5] end
  if row[6] ~= '' then text = text .. ',"deleted":' .. row[6] end
  return text .. '}'
end

local ending = redis.call('HMGET', meta, 'epoch', 'seq', 'mid', 'texts')
local epoch, mid = ending[1], ending[3]
local seq, texts = tonumber(ending[2] or 0), tonumber(ending[4] or 0)
local isWhole = seq and texts and mid and string.find(epoch or '', '^[%w_-]+$')
if epoch and not isWhole then damaged(meta .. ' does not say where the room ends') end

local function hasLostEnd(seenEpoch, seenSeq, seenMid)
  local place = tonumber(seenSeq)
  if epoch ~= seenEpoch or place == 0 then return false end
  if place > seq then return true end
  if place == seq then return mid ~= seenMid end
  local row = rowAt(numeral(place))
  return not row or midOf(row) ~= seenMid
end

-- Gives the room an epoch that can be relied on. One that nobody has written to keeps it for so many ms.
local function begin(seenEpoch, seenSeq, seenMid, newEpoch, lifetimeMs)
  if not epoch then
    epoch, seq, mid, texts = newEpoch, 0, '', 0
    redis.call('HSET', meta, 'epoch', epoch, 'seq', '0', 'mid', mid, 'texts', '0')
    redis.call('PEXPIRE', meta, lifetimeMs)
  elseif hasLostEnd(seenEpoch, seenSeq, seenMid) then
    epoch = newEpoch
    redis.call('HSET', meta, 'epoch', epoch)
  end
end
`;

/** ARGV: the place seen (epoch, seq, mid), the new epoch if one is needed, how long an empty room keeps it. */
export const beginScript = defineScript(`#!lua
${shared}
begin(ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5])
return redis.status_reply('OK')
`);

/**
 * ARGV: the place seen (epoch, seq, mid), a place, which way from it ('after', 'before'), the most messages, and
 * the length of text after which only one more comes. Returns {epoch, seq, mid, texts, mid at the
 * place, texts up to it, {messages from there on}}; or nothing, and `beginScript` has to run first.
 */
export const readScript = defineScript(`#!lua flags=no-writes
${shared}
if not epoch or hasLostEnd(ARGV[1], ARGV[2], ARGV[3]) then return false end

local place = tonumber(ARGV[4])
local most, length = tonumber(ARGV[6]), tonumber(ARGV[7])
local step = ARGV[5] == 'after' and 1 or -1
local stride = 100
local messages, taken = {}, 0

-- The rows from one place to a later one, by their places: there is no hole in a room.
local function rowsOf(from, to)
  local rows, missing = {}, {}
  for _, entry in ipairs(redis.call('XRANGE', log, numeral(from) .. '-0', numeral(to) .. '-0')) do
    rows[tonumber(string.match(entry[1], '^%d+'))] = rowOf(entry)
  end
  for at = from, to do
    if not rows[at] then missing[#missing + 1] = numeral(at) end
  end
  if #missing > 0 then
    for index, packed in ipairs(redis.call('HMGET', changed, unpack(missing))) do
      if packed then rows[tonumber(missing[index])] = rowIn(packed, missing[index]) end
    end
  end
  return rows
end

-- The text was long enough before the last message, which only shows that there are more.
local isOver = false

local function isFull()
  return #messages >= most or isOver
end

local at = step == 1 and place + 1 or math.min(place - 1, seq)
while at >= 1 and at <= seq and not isFull() do
  local last = at + step * (math.min(stride, most - #messages) - 1)
  last = math.max(1, math.min(seq, last))
  local rows = rowsOf(math.min(at, last), math.max(at, last))
  for each = at, last, step do
    local row = rows[each]
    if not row then damaged('neither ' .. log .. ' nor ' .. changed .. ' has message ' .. numeral(each)) end
    if isFull() then break end
    isOver = taken >= length
    messages[#messages + 1] = messageOf(numeral(each), row)
    taken = taken + tonumber(row[4])
  end
  at = last + step
end

local there = place > 0 and place <= seq and rowAt(numeral(place))
local midThere = there and midOf(there)
if place == 0 then midThere = '' end
local textsThere = there and there[2] or (place > seq and numeral(texts)) or '0'
return {epoch, numeral(seq), mid, numeral(texts), midThere, textsThere, messages}
`);

/** So many arguments of `appendScript` are of one message. */
export const argsPerDraft = 11;

/**
 * KEYS: those of the room, then one for each message, under which its answer is kept. ARGV: the place seen
 * (epoch, seq, mid), the new epoch if one is needed, how long an empty room keeps it, the room's channel, how long
 * an answer is kept (in ms, as the other); then for each message its author's id, mid, time, head, text as
 * JSON, its length, what it is about (kind, seq, mid), its file as JSON and whether it is cut ('1'). Returns the
 * epoch, and for each message 'n SEQ' (new), 'd SEQ AT MID' (there already), 'r CODE', or 'x KEY WHY' (something
 * damaged is in its way).
 */
export const appendScript = defineScript(`#!lua
${shared}
begin(ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5])
local wasEmpty = seq == 0

local function isText(kind)
  return kind == '' or kind == 'reply'
end

local function isChange(kind)
  return kind == 'edit' or kind == 'delete'
end

local function put(at, row)
  redis.call('XDEL', log, at .. '-0')
  redis.call('HSET', changed, at, cmsgpack.pack(row))
end

-- The stream only marks what is deleted from it: the bytes stay until nothing is left of the node that they
-- are in. So all leave the stream that may be in one node with it, by Redis's defaults for a node's size.
local nodeEntries, nodeBytes = 100, 4096

local function scrub(at)
  for _, found in ipairs({
    redis.call('XRANGE', log, at .. '-0', '+', 'COUNT', nodeEntries),
    redis.call('XREVRANGE', log, at .. '-0', '-', 'COUNT', nodeEntries),
  }) do
    local bytes = 0
    for _, entry in ipairs(found) do
      local isRead, row = pcall(rowOf, entry)
      if not isRead then break end
      put(string.match(entry[1], '^%d+'), row)
      bytes = bytes + #row[1] + #row[3]
      if bytes > nodeBytes then break end
    end
  end
end

local function whyRefused(author, kind, target, targetMid)
  if not target or midOf(target) ~= targetMid or target[6] ~= '' then return 'no_message' end
  local head = cjson.decode('{' .. target[1] .. '}')
  if head.about and not isText(head.about.kind) then return 'no_message' end
  if isChange(kind) and head.from.id ~= author then return 'not_author' end
end

local function change(kind, place, target, at, time, body, length)
  local edits = {}
  for edit in string.gmatch(target[7], '%d+') do edits[#edits + 1] = edit end
  local latest = edits[#edits]
  if latest then
    local isRead, row = pcall(rowAt, latest)
    if isRead and row then
      row[3], row[4] = '""', '0'
      put(latest, row)
    end
  end
  if kind == 'edit' then
    target[3], target[4], target[5], target[9] = body, length, time, ''
    target[8] = target[8] or ''
    target[7] = target[7] .. ' ' .. at
    put(place, target)
  else
    target[3], target[4], target[6], target[8], target[9] = '""', '0', time, '', ''
    put(place, target)
    scrub(place)
    for _, edit in ipairs(edits) do scrub(edit) end
  end
end

-- Whether the message is there, what it is about, and whether that refuses it. All that may be damaged is looked
-- at before anything is written, as what a script has written stays.
local function lookAt(key, author, kind, place, placeMid)
  local answer = redis.call('GET', key)
  if answer or kind == '' then return answer end
  if isChange(kind) then redis.call('HLEN', changed) end
  local target = rowAt(place)
  return answer, target, whyRefused(author, kind, target, placeMid)
end

local answers, appended = {epoch}, {}
for index = 4, #KEYS do
  local first = 8 + (index - 4) * ${argsPerDraft}
  local author, newMid, time, head, body, length, kind, place, placeMid, file, cut =
    unpack(ARGV, first, first + ${argsPerDraft - 1})
  local isRead, answer, target, refused = pcall(lookAt, KEYS[index], author, kind, place, placeMid)
  if not isRead then
    local why = type(answer) == 'table' and answer.err or answer
    answers[#answers + 1] = 'x ' .. KEYS[index] .. ' ' .. why
  elseif answer then
    -- Since Redis 7.2 WAIT covers a call only if that wrote something, and the message may have no replica yet.
    redis.call('PEXPIRE', KEYS[index], ARGV[7])
    answers[#answers + 1] = 'd ' .. answer
  elseif refused then
    answers[#answers + 1] = 'r ' .. refused
  else
    seq, mid = seq + 1, newMid
    if isText(kind) then texts = texts + 1 end
    local at = numeral(seq)
    local row = {head, numeral(texts), body, length, '', '', '', file, cut}
    local fields = {'h', row[1], 't', row[2], 'b', row[3], 'l', row[4]}
    if file ~= '' then fields[#fields + 1], fields[#fields + 2] = 'f', file end
    if cut ~= '' then fields[#fields + 1], fields[#fields + 2] = 'c', cut end
    redis.call('XADD', log, at .. '-0', unpack(fields))
    if isChange(kind) then
      change(kind, place, target, at, time, body, length)
    end
    redis.call('SET', KEYS[index], at .. ' ' .. time .. ' ' .. newMid, 'PX', ARGV[7])
    appended[#appended + 1] = messageOf(at, row)
    answers[#answers + 1] = 'n ' .. at
  end
end
if #appended > 0 then
  if wasEmpty then redis.call('PERSIST', meta) end
  redis.call('HSET', meta, 'seq', numeral(seq), 'mid', mid, 'texts', numeral(texts))
  local messages = table.concat(appended, ',')
  redis.call('SPUBLISH', ARGV[6], 'm{"epoch":"' .. epoch .. '","messages":[' .. messages .. ']}')
end
return answers
`);
