/// The instructions of CPython 3.12, as tools/instruction_tables.py prints them.
extension InstructionRow {
  static let cpython312: [InstructionRow] = [
    // POP_TOP
    .init([1], cache: 0, depth: -1),
    // PUSH_NULL
    .init([2], cache: 0, depth: 1, role: .withoutCallee),
    // INTERPRETER_EXIT
    .init([3], cache: 0, depth: -1, endsBlock: true),
    // END_FOR
    .init([4, 251], cache: 0, depth: -2),
    // END_SEND
    .init([5, 252], cache: 0, depth: -1),
    // NOP
    .init([9], cache: 0, depth: 0, role: .withoutCallee),
    // UNARY_NEGATIVE
    .init([11], cache: 0, depth: 0),
    // UNARY_NOT
    .init([12], cache: 0, depth: 0),
    // UNARY_INVERT
    .init([15], cache: 0, depth: 0),
    // BINARY_SUBSCR
    .init([25, 19, 20, 21, 22], cache: 1, depth: -1),
    // BINARY_SLICE
    .init([26], cache: 0, depth: -2),
    // STORE_SLICE
    .init([27], cache: 0, depth: -4),
    // GET_LEN
    .init([30], cache: 0, depth: 1),
    // MATCH_MAPPING
    .init([31], cache: 0, depth: 1),
    // MATCH_SEQUENCE
    .init([32], cache: 0, depth: 1),
    // MATCH_KEYS
    .init([33], cache: 0, depth: 1),
    // PUSH_EXC_INFO
    .init([35], cache: 0, depth: 1),
    // CHECK_EXC_MATCH
    .init([36], cache: 0, depth: 0),
    // CHECK_EG_MATCH
    .init([37], cache: 0, depth: 0),
    // WITH_EXCEPT_START
    .init([49], cache: 0, depth: 1),
    // GET_AITER
    .init([50], cache: 0, depth: 0),
    // GET_ANEXT
    .init([51], cache: 0, depth: 1),
    // BEFORE_ASYNC_WITH
    .init([52], cache: 0, depth: 1),
    // BEFORE_WITH
    .init([53], cache: 0, depth: 1),
    // END_ASYNC_FOR
    .init([54], cache: 0, depth: -2),
    // CLEANUP_THROW
    .init([55], cache: 0, depth: -1),
    // STORE_SUBSCR
    .init([60, 159, 160], cache: 1, depth: -3),
    // DELETE_SUBSCR
    .init([61], cache: 0, depth: -2),
    // GET_ITER
    .init([68], cache: 0, depth: 0),
    // GET_YIELD_FROM_ITER
    .init([69], cache: 0, depth: 0),
    // LOAD_BUILD_CLASS
    .init([71], cache: 0, depth: 1),
    // LOAD_ASSERTION_ERROR
    .init([74], cache: 0, depth: 1),
    // RETURN_GENERATOR
    .init([75], cache: 0, depth: 1),
    // RETURN_VALUE
    .init([83, 242], cache: 0, depth: -1, endsBlock: true),
    // SETUP_ANNOTATIONS
    .init([85], cache: 0, depth: 0),
    // LOAD_LOCALS
    .init([87], cache: 0, depth: 1),
    // POP_EXCEPT
    .init([89], cache: 0, depth: -1),
    // STORE_NAME
    .init([90], cache: 0, depth: -1),
    // DELETE_NAME
    .init([91], cache: 0, depth: 0),
    // UNPACK_SEQUENCE
    .init([92, 161, 166, 167], cache: 1, depth: -1, times: 1, of: .argument),
    // FOR_ITER
    .init([93, 62, 63, 64, 65, 248], cache: 1, depth: 1, jumps: .forward, depthAfterJump: 1),
    // UNPACK_EX
    .init([94], cache: 0, depth: 0, times: 1, of: .bothBytes),
    // STORE_ATTR
    .init([95, 113, 148, 153], cache: 4, depth: -2),
    // DELETE_ATTR
    .init([96], cache: 0, depth: -1),
    // STORE_GLOBAL
    .init([97], cache: 0, depth: -1),
    // DELETE_GLOBAL
    .init([98], cache: 0, depth: 0),
    // SWAP
    .init([99], cache: 0, depth: 0, role: .withoutCallee),
    // LOAD_CONST
    .init([100, 84], cache: 0, depth: 1, role: .withoutCallee),
    // LOAD_NAME
    .init([101], cache: 0, depth: 1),
    // BUILD_TUPLE
    .init([102], cache: 0, depth: 1, times: -1, of: .argument),
    // BUILD_LIST
    .init([103], cache: 0, depth: 1, times: -1, of: .argument),
    // BUILD_SET
    .init([104], cache: 0, depth: 1, times: -1, of: .argument),
    // BUILD_MAP
    .init([105], cache: 0, depth: 1, times: -2, of: .argument),
    // LOAD_ATTR
    .init([106, 70, 72, 73, 76, 77, 78, 79, 80, 81, 82], cache: 9, depth: 0, times: 1, of: .lowBit),
    // COMPARE_OP
    .init([107, 57, 58, 59], cache: 1, depth: -1),
    // IMPORT_NAME
    .init([108], cache: 0, depth: -1),
    // IMPORT_FROM
    .init([109], cache: 0, depth: 1),
    // JUMP_FORWARD
    .init(
      [110, 245], cache: 0, depth: 0, jumps: .forward, depthAfterJump: 0, role: .withoutCallee,
      endsBlock: true),
    // POP_JUMP_IF_FALSE
    .init([114, 249], cache: 0, depth: -1, jumps: .forward, depthAfterJump: -1),
    // POP_JUMP_IF_TRUE
    .init([115, 250], cache: 0, depth: -1, jumps: .forward, depthAfterJump: -1),
    // LOAD_GLOBAL
    .init([116, 111, 112], cache: 4, depth: 1, times: 1, of: .lowBit),
    // IS_OP
    .init([117], cache: 0, depth: -1),
    // CONTAINS_OP
    .init([118], cache: 0, depth: -1),
    // RERAISE
    .init([119], cache: 0, depth: -1, endsBlock: true),
    // COPY
    .init([120], cache: 0, depth: 1, role: .withoutCallee),
    // RETURN_CONST
    .init([121, 247], cache: 0, depth: 0, endsBlock: true),
    // BINARY_OP
    .init([122, 6, 7, 8, 10, 13, 14, 16, 18], cache: 1, depth: -1),
    // SEND
    .init([123, 168], cache: 1, depth: 0, jumps: .forward, depthAfterJump: 0),
    // LOAD_FAST
    .init([124, 86, 88], cache: 0, depth: 1, role: .withoutCallee),
    // STORE_FAST
    .init([125, 154, 158], cache: 0, depth: -1),
    // DELETE_FAST
    .init([126], cache: 0, depth: 0),
    // LOAD_FAST_CHECK
    .init([127], cache: 0, depth: 1),
    // POP_JUMP_IF_NOT_NONE
    .init([128, 239], cache: 0, depth: -1, jumps: .forward, depthAfterJump: -1),
    // POP_JUMP_IF_NONE
    .init([129, 238], cache: 0, depth: -1, jumps: .forward, depthAfterJump: -1),
    // RAISE_VARARGS
    .init([130], cache: 0, depth: 0, times: -1, of: .argument, endsBlock: true),
    // GET_AWAITABLE
    .init([131], cache: 0, depth: 0),
    // MAKE_FUNCTION
    .init([132], cache: 0, depth: 0, times: -1, of: .bitCount),
    // BUILD_SLICE
    .init([133], cache: 0, depth: -1, times: -1, of: .isThree),
    // JUMP_BACKWARD_NO_INTERRUPT
    .init(
      [134], cache: 0, depth: 0, jumps: .backward, depthAfterJump: 0, role: .withoutCallee, endsBlock: true),
    // MAKE_CELL
    .init([135], cache: 0, depth: 0),
    // LOAD_CLOSURE
    .init([136], cache: 0, depth: 1),
    // LOAD_DEREF
    .init([137], cache: 0, depth: 1),
    // STORE_DEREF
    .init([138], cache: 0, depth: -1),
    // DELETE_DEREF
    .init([139], cache: 0, depth: 0),
    // JUMP_BACKWARD
    .init([140, 246], cache: 0, depth: 0, jumps: .backward, depthAfterJump: 0, endsBlock: true),
    // LOAD_SUPER_ATTR
    .init([141, 66, 67, 237], cache: 1, depth: -2, times: 1, of: .lowBit),
    // CALL_FUNCTION_EX
    .init([142, 244], cache: 0, depth: -2, times: -1, of: .lowBit, role: .callUnpacked),
    // LOAD_FAST_AND_CLEAR
    .init([143], cache: 0, depth: 1),
    // EXTENDED_ARG
    .init([144], cache: 0, depth: 0, role: .prefix),
    // LIST_APPEND
    .init([145], cache: 0, depth: -1),
    // SET_ADD
    .init([146], cache: 0, depth: -1),
    // MAP_ADD
    .init([147], cache: 0, depth: -2),
    // COPY_FREE_VARS
    .init([149], cache: 0, depth: 0),
    // YIELD_VALUE
    .init([150, 243], cache: 0, depth: 0),
    // RESUME
    .init([151, 240], cache: 0, depth: 0),
    // MATCH_CLASS
    .init([152], cache: 0, depth: -2),
    // FORMAT_VALUE
    .init([155], cache: 0, depth: 0, times: -1, of: .thirdBit),
    // BUILD_CONST_KEY_MAP
    .init([156], cache: 0, depth: 0, times: -1, of: .argument),
    // BUILD_STRING
    .init([157], cache: 0, depth: 1, times: -1, of: .argument),
    // LIST_EXTEND
    .init([162], cache: 0, depth: -1),
    // SET_UPDATE
    .init([163], cache: 0, depth: -1),
    // DICT_MERGE
    .init([164], cache: 0, depth: -1),
    // DICT_UPDATE
    .init([165], cache: 0, depth: -1),
    // CALL
    .init(
      [171, 23, 24, 28, 29, 34, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 56, 241], cache: 3, depth: -1,
      times: -1, of: .argument, role: .call),
    // KW_NAMES
    .init([172], cache: 0, depth: 0, role: .withoutCallee),
    // CALL_INTRINSIC_1
    .init([173], cache: 0, depth: 0),
    // CALL_INTRINSIC_2
    .init([174], cache: 0, depth: -1),
    // LOAD_FROM_DICT_OR_GLOBALS
    .init([175], cache: 0, depth: 0),
    // LOAD_FROM_DICT_OR_DEREF
    .init([176], cache: 0, depth: 0),
  ]
}
