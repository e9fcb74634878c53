import { testLab } from "./labSuite";

testLab("a user without privileges");
